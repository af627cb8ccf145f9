/** Version of what nets learn and how they are evaluated: rows made with another one are computed anew. */
export const version = "1";

/** Version of what training comes out as: raised with every change that moves its numbers, so that rows are redone. */
export const version: string = "1";

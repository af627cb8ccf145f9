/** Changes when the same options train other samplers: rows of results name it. */
export const version = "1";

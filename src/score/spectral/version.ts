/** Version of what a fit and its samples come out as: raised with every change that moves their numbers, so that rows are redone. */
export const version: string = "1";

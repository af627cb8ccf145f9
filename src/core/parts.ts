/**
 * Does a part of a long piece of work under a name of its own: at once, or kept, so that work which was interrupted goes on after its
 * last finished part.
 */
export type RunPart = <T>(name: string, work: () => T | Promise<T>) => Promise<T>;

/** Parts that nobody keeps. */
export const atOnce: RunPart = async (_, work) => work();

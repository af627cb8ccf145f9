// One line a step, on stderr: stdout belongs to whatever is started after the set-up.

/** A step that cannot be done; the message says what to do about it. */
export class SetupError extends Error {}

/**
 * Says what is being done, does it, says how long it took.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} */
export async function step(title, work) {
  const start = performance.now();
  process.stderr.write(`set-up: ${title} ... `);
  try {
    const result = await work();
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write("failed\n");
    throw error;
  }
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

/** The end of a long output.
 * @param {string} output */
export function tail(output, lines = 25) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}

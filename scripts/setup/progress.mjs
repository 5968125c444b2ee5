// What the set-up says while it works: on stderr, so that `--json` output stays clean.

/**
 * Shows one step while `work` runs, with the seconds it took. `work` gets a function that adds a
 * detail, such as megabytes.
 * @template T
 * @param {string} label
 * @param {(detail: (text: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const start = Date.now();
  const live = process.stderr.isTTY === true;
  let shown = '';
  const show = (/** @type {string} */ text) => {
    if (text === shown) return;
    shown = text;
    process.stderr.write(live ? `\r\u001b[2K${text}` : `${text}\n`);
  };
  show(`set-up: ${label} …`);
  const result = await work((detail) => show(`set-up: ${label}: ${detail}`)).catch((error) => {
    if (live) process.stderr.write('\n');
    throw error;
  });
  show(`set-up: ${label}: done in ${Math.max(1, Math.round((Date.now() - start) / 1000))} s`);
  if (live) process.stderr.write('\n');
  return result;
}

/** @param {string} text */
export const say = (text) => process.stderr.write(`set-up: ${text}\n`);

/** The names under which datasets know their three parts. */
const spellings = [
  ['train', 'training'],
  ['validation', 'val', 'valid', 'publictest'],
  ['test', 'testing', 'privatetest'],
];

export const partSpellings: readonly string[] = spellings.flat();

/**
 * Index into `partNames`, or undefined for a word that names no part. FER-2013's Usage means
 * Training → train, PublicTest → validation, PrivateTest → test (Goodfellow et al. 2013).
 */
export function partFromText(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  const part = spellings.findIndex((words) => words.includes(word));
  return part < 0 ? undefined : part;
}

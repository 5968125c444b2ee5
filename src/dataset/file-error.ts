/**
 * The code of a failed call to the file system (`ENOENT`), undefined for anything else. Told by its
 * form: across realms (jest's, for one) Node's errors are no instances of this realm's `Error`.
 */
export function fileErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (!('code' in error && 'syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

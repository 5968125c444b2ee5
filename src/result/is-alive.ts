/** Whether a process runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Whatever process.kill throws is an ErrnoException.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

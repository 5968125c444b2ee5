/** A failure of the machine, not of us: what is wrong, and what to do. Ends with exit code 4. */
export class SetupFailure extends Error {
  /**
   * @param {string} message
   * @param {string} remedy
   */
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Names the usual reasons why a download fails.
 * @param {string} what what was being fetched, such as `TensorFlow's library`
 * @param {string} output what npm or pip said
 * @param {string} tool
 */
export function downloadFailure(what, output, tool) {
  if (/ENOSPC|No space left|Errno 28/i.test(output)) return diskFailure(what);
  const unreachable =
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ERR_SOCKET|network|NewConnectionError|Max retries|ProxyError|SSLError|from versions: none|ReadTimeout|ConnectTimeout|Name or service not known|Temporary failure/i;
  if (unreachable.test(output)) {
    return new SetupFailure(
      `Fetching ${what} failed: ${tool} gets nothing from its package index.\n${lastLines(output)}`,
      `Check the network and ${tool}'s proxy and index settings (\`${tool} config list\`), then run the same command again.`,
    );
  }
  return new SetupFailure(
    `Fetching ${what} failed. ${tool} said:\n${lastLines(output)}`,
    `Mend what ${tool} names, then run the same command again; it goes on from here.`,
  );
}

/** @param {string} what */
export function diskFailure(what) {
  return new SetupFailure(
    `The disk is full: no room for ${what}.`,
    'Free some space, or set XDG_CACHE_HOME to a folder on a larger disk, then run the same command again.',
  );
}

/** The end of a tool's output, indented, without blank lines and notices. */
export function lastLines(/** @type {string} */ output, count = 6) {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^npm (notice|warn)/.test(line))
    .slice(-count)
    .map((line) => `    ${line.trim()}`)
    .join('\n');
}

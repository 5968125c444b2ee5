/**
 * Lines at the end of a terminal that change in place, drawn by listr2 on stderr. While there are
 * any, nothing else may be written there: what is to be said becomes a line.
 */
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2';

export type LiveLine = {
  show(text: string): void;
  /** Done, or failed for a reason; the line stays. */
  end(failure?: Error): void;
};

export type LiveLines = {
  add(text: string): LiveLine;
  /** Ends all lines and leaves them in the terminal. New ones may follow. */
  close(): Promise<void>;
};

/** listr2 asks whether stdout is a terminal; ours are drawn on stderr, which the caller has asked. */
class StderrRenderer extends DefaultRenderer {
  static override readonly nonTTY = true;
}

/** Lines that are drawn together, from the first one to `close`. */
type Frame = {
  readonly list: Listr<unknown, typeof StderrRenderer>;
  /** listr2 has started the tasks that it found: lines may join without being started twice. */
  readonly begun: Promise<void>;
  readonly lines: LiveLine[];
  finish(): Promise<unknown>;
};

const showCursor = '\u001b[?25h';

export function liveLines(): LiveLines {
  let frame: Frame | undefined;
  return {
    add(text) {
      frame ??= openFrame();
      const line = addLine(frame, text);
      frame.lines.push(line);
      return line;
    },
    async close() {
      const closing = frame;
      frame = undefined;
      for (const line of closing?.lines ?? []) line.end();
      await closing?.finish();
    },
  };
}

function openFrame(): Frame {
  const output = new ProcessOutput(process.stderr, process.stderr);
  const begun = settledLater();
  const ended = settledLater();
  // A task without a title has no line; it keeps the list open for those that come later.
  const keeper = {
    task: () => {
      begun.resolve();
      return ended.promise;
    },
  };
  const list: Frame['list'] = new Listr([keeper], {
    concurrent: true,
    exitOnError: false,
    // Its own would end the process at the first Ctrl-C, before the run is in order.
    registerSignalListeners: false,
    renderer: StderrRenderer,
    rendererOptions: {
      collapseErrors: false,
      logger: new ListrLogger({ processOutput: output, useIcons: true, toStderr: [] }),
    },
  });
  const restore = () => void process.stderr.write(showCursor);
  process.once('exit', restore);
  const running = list.run();
  return {
    list,
    begun: begun.promise,
    lines: [],
    async finish() {
      await begun.promise;
      // A turn for lines that were added and ended in the same breath.
      await new Promise((resolve) => setImmediate(resolve));
      ended.resolve();
      await running;
      process.off('exit', restore);
    },
  };
}

function addLine({ list, begun }: Frame, text: string): LiveLine {
  let title = text;
  const ended = settledLater();
  // It may fail before listr2 looks at it.
  ended.promise.catch(() => undefined);
  const tasks = begun.then(() => {
    // A list of its own runs the line; the frame's list, which has begun without it, draws it.
    const one = new Listr([{ title, task: () => ended.promise }], {
      renderer: 'silent',
      exitOnError: false,
      registerSignalListeners: false,
    });
    // The two differ in the type of their renderer alone, which no task asks for.
    list.tasks.push(...(one.tasks as unknown as typeof list.tasks));
    void one.run();
    return one.tasks;
  });
  return {
    show(next) {
      title = next;
      void tasks.then((drawn) => {
        for (const task of drawn) task.title$ = title;
      });
    },
    end: (failure) => (failure ? ended.reject(failure) : ended.resolve()),
  };
}

/** Promise.withResolvers, which Node 20 has not got. */
function settledLater() {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

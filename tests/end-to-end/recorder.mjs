// Loaded into every process of a run by NODE_OPTIONS: a fold's process writes down what it hears
// and says, one JSON line each, in RECORD.<pid>.
import { appendFileSync } from 'node:fs';

if (process.send) {
  const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
  const record = (way, message) =>
    appendFileSync(
      `${process.env.RECORD}.${process.pid}`,
      `${JSON.stringify({ way, message }, plain)}\n`,
    );
  const send = process.send.bind(process);
  process.send = (message, ...rest) => {
    record('says', message);
    return send(message, ...rest);
  };
  const on = process.on.bind(process);
  process.on = (event, listener) =>
    on(
      event,
      event === 'message'
        ? (message, ...rest) => {
            record('hears', message);
            listener(message, ...rest);
          }
        : listener,
    );
}

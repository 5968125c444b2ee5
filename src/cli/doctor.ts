import { exitCodes } from '../errors.ts';
import { defineVerb } from './define.ts';
import { jsonFlag } from './shared-flags.ts';
import { print, printJson } from './terminal.ts';

export const doctor = defineVerb({
  name: 'doctor',
  summary: 'what works on this machine, and what to do about the rest',
  arguments: '',
  flags: { json: jsonFlag },
  async run({ flags }) {
    const { examineMachine } = await import('../engine/doctor.ts');
    const checks = await examineMachine();
    const ok = checks.every((check) => check.ok);
    if (flags.json) printJson({ ok, checks });
    else {
      const width = Math.max(...checks.map(({ name }) => name.length));
      for (const { name, ok, detail, remedy } of checks) {
        print(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(width)}  ${detail}`);
        if (remedy !== undefined) print(`      ${' '.repeat(width)}  ${remedy}`);
      }
    }
    return ok ? 0 : exitCodes.ENGINE;
  },
});

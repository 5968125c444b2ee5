/**
 * The lint rules, by id. To add one: a file beside this, `<id>.ts` in lower case, and its name here;
 * its test goes through a YAML file that triggers it and one that does not.
 */
import { GATE001 } from './gate001.ts';
import { LEAK001 } from './leak001.ts';
import { LEAK002 } from './leak002.ts';
import { METRIC001 } from './metric001.ts';
import { SPLIT001 } from './split001.ts';
import { STAT001 } from './stat001.ts';
import { TL001 } from './tl001.ts';
import { TL002 } from './tl002.ts';
import { TL003 } from './tl003.ts';

export const rules = {
  METRIC001,
  LEAK001,
  LEAK002,
  SPLIT001,
  STAT001,
  TL001,
  TL002,
  TL003,
  GATE001,
};

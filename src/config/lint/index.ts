/**
 * The lint rules, by id. To add one: a file beside this, `<id>.ts` in lower case, and its name here;
 * its test goes through a YAML file that triggers it and one that does not.
 */
import { DATA001 } from './data001.ts';
import { DATA002 } from './data002.ts';
import { DATA003 } from './data003.ts';
import { GATE001 } from './gate001.ts';
import { GATE002 } from './gate002.ts';
import { IMB001 } from './imb001.ts';
import { LEAK001 } from './leak001.ts';
import { LEAK002 } from './leak002.ts';
import { LEAK003 } from './leak003.ts';
import { METRIC001 } from './metric001.ts';
import { NUM001 } from './num001.ts';
import { PROTO001 } from './proto001.ts';
import { PROTO002 } from './proto002.ts';
import { SPLIT001 } from './split001.ts';
import { SPLIT002 } from './split002.ts';
import { STAT001 } from './stat001.ts';
import { TL001 } from './tl001.ts';
import { TL002 } from './tl002.ts';
import { TL003 } from './tl003.ts';

export const rules = {
  METRIC001,
  LEAK001,
  LEAK002,
  LEAK003,
  DATA001,
  DATA002,
  DATA003,
  PROTO001,
  PROTO002,
  IMB001,
  SPLIT001,
  SPLIT002,
  STAT001,
  TL001,
  TL002,
  TL003,
  GATE001,
  GATE002,
  NUM001,
};

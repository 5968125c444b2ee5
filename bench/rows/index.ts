/** The rows, in the order of the table. To add one: a file beside this, and its name here. */
import type { Row } from '../row.ts';
import { csv } from './csv.ts';
import { experiment } from './experiment.ts';
import { memory } from './memory.ts';
import { start } from './start.ts';
import { step } from './step.ts';
import { vgg16 } from './vgg16.ts';

export const rows: readonly Row[] = [step, experiment, vgg16, csv, start, memory];

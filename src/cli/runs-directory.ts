import { resolve } from 'node:path';

/** Where runs are kept: `runs/` in the working directory. */
export const runsDirectory = () => resolve('runs');

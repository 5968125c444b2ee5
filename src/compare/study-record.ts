/** `study.json`: what a study came to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyFile } from '../result/find-run.ts';
import { writeAtomically } from '../result/run-directory.ts';
import type { Comparison } from './comparison.ts';

export type StudyRecord = {
  readonly schema_version: 1;
  readonly study_id: string;
  readonly name: string;
  /** Of the resolved configs of all variants: a study goes on only with the same ones. */
  readonly config_hash: string;
  readonly status: 'running' | 'completed' | 'interrupted';
  /** `directory` is relative to the study's. */
  readonly variants: readonly { readonly name: string; readonly directory: string }[];
  /** Null while variants are missing, and where they cannot be compared: `reason` says why. */
  readonly comparison: Comparison | null;
  readonly reason: string | null;
};

/** The record of a study that lies in `directory`. */
export const readStudy = (directory: string): StudyRecord =>
  // Written by this program, whole or not at all.
  JSON.parse(readFileSync(join(directory, studyFile), 'utf8')) as StudyRecord;

export const writeStudy = (directory: string, record: StudyRecord): void =>
  writeAtomically(join(directory, studyFile), `${JSON.stringify(record, null, 2)}\n`);

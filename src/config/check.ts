/** What the schema cannot say: rules across keys and sections, each written by its owner. */
import type { ConfigPath, Problem } from '../errors.ts';
import type { ExperimentConfig } from './experiment.ts';

/** Everything wrong with a config that its schema accepts. Reads no data, loads no engine. */
export const checkExperiment = (_config: ExperimentConfig): readonly Problem[] => [];

/** What stops nothing, such as data files that are not there. */
export const notesOn = (_config: ExperimentConfig): readonly Problem[] => [];

/** A section's problem, whose path begins in the section, as one of the whole config. */
export const inSection =
  (...section: ConfigPath) =>
  (problem: Problem): Problem => ({
    ...problem,
    path: [...section, ...problem.path],
    related: problem.related?.map((place) => ({ ...place, path: [...section, ...place.path] })),
  });

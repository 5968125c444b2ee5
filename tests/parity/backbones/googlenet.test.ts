import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadExperiment } from '../../../src/config/load.ts';
import { checkModel } from '../../../src/model/check-model.ts';
import { summarizeModel } from '../../../src/model/summarize-model.ts';

const file = fileURLToPath(new URL('../../../experiments/googlenet.yaml', import.meta.url));

// The numbers of the paper's network without auxiliary classifiers, as built in Keras.
test.each([
  { channels: 1, classes: 7, parameters: 5_974_455 },
  { channels: 3, classes: 1000, parameters: 6_998_552 },
])('GoogLeNet on $channels channels and $classes classes has $parameters parameters', (wanted) => {
  const { config } = loadExperiment(file);
  const { graph, problems } = checkModel(config.model, {
    shape: [48, 48, wanted.channels],
    classes: wanted.classes,
  });
  expect(problems).toEqual([]);
  if (!graph) throw new Error('the model is sound');
  expect(summarizeModel(graph).parameters.total).toBe(wanted.parameters);
});

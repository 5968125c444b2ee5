/**
 * The schema of `result.json`, for programs that read it; `ExperimentResult` in words that ajv
 * understands. A test holds the two together. Long, because it says every key of the result.
 */
type Json = { readonly [key: string]: unknown };

const text = (description: string): Json => ({ type: 'string', description });
const count = (description: string): Json => ({ type: 'integer', minimum: 0, description });
const number = (description: string): Json => ({ type: 'number', description });
const flag = (description: string): Json => ({ type: 'boolean', description });
const words = (values: readonly string[], description: string): Json => ({
  type: 'string',
  enum: values,
  description,
});
const list = (items: Json, description: string): Json => ({ type: 'array', items, description });
const map = (values: Json, description: string): Json => ({
  type: 'object',
  additionalProperties: values,
  description,
});
const nullable = (schema: Json, description: string): Json => ({
  anyOf: [schema, { type: 'null' }],
  description,
});
/** A record of which all keys but those in `optional` are there. */
const record = (
  description: string,
  properties: { readonly [key: string]: Json },
  optional: readonly string[] = [],
): Json => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false,
});

const value = nullable(number('The value.'), 'null: it could not be computed.');
const metricValues = map(value, 'By metric name; null where it cannot be computed.');
const confusion = list(
  list(count('Samples.'), 'By predicted class.'),
  'Counts by true class, then by predicted class.',
);
const classCounts = list(
  record('A class.', { name: text('Its name.'), count: count('Its samples.') }),
  'The classes in label order.',
);
const classScores = {
  class: text('Its name.'),
  precision: value,
  recall: value,
  f1: value,
  support: count('Test samples of the class.'),
};
const perClass = list(record('One class.', classScores), 'Scores of each class.');
const interval = (description: string): Json =>
  nullable(
    {
      type: 'array',
      items: number('An end of the interval.'),
      minItems: 2,
      maxItems: 2,
      description: 'Lower and upper end.',
    },
    description,
  );
const summary = map(
  record('A metric over the folds.', {
    mean: value,
    sd: nullable(number('n − 1 in the denominator.'), 'Standard deviation over folds.'),
    ci95: interval('95 % interval of the mean, with the corrected variance (Nadeau and Bengio).'),
    n: count('Folds that it is over.'),
    pooled: nullable(number('The value.'), 'The metric over all out-of-fold predictions together.'),
    pooled_ci95: interval('95 % bootstrap interval of the pooled value; null: not computed.'),
    variance: nullable(
      record('Standard deviations.', {
        fold: number('Between folds, that of the seeds taken out.'),
        seed: number('Between trainings of one fold.'),
      }),
      'With several seeds.',
    ),
  }),
  'By metric name.',
);
const shareRight = (description: string): Json =>
  record(description, { samples: count('Test predictions.'), accuracy: value });
const twinScores = (description: string): Json =>
  record(description, {
    with: shareRight('Those with such a picture in the train part of their fold.'),
    without: shareRight('All others.'),
  });
const shape = list(nullable(count('A length.'), 'null: not fixed.'), 'Without the batch axis.');

export const resultSchema: Json = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:foldwise:result',
  title: 'Foldwise result',
  ...record(
    'The one record of a run.',
    {
      schema_version: { type: 'integer', enum: [1], description: 'Version of this form.' },
      run_id: text('UTC time and a short hash of the config.'),
      name: text("The experiment's name."),
      status: words(['completed', 'failed', 'interrupted'], 'How the run ended.'),
      started_at: text('ISO 8601, UTC.'),
      seconds: number('Wall time.'),
      config: map({}, 'The resolved config as plain data.'),
      environment: record('Where it ran.', {
        foldwise: text('Version.'),
        node: text('Version.'),
        tensorflow: text('Version of the library.'),
        device: text('What computed.'),
        threads: count('Threads of each fold.'),
        git: nullable(
          record('State of the repository around the experiment.', {
            commit: text('Hash.'),
            dirty: flag('Whether files had been changed since.'),
          }),
          'null: no repository.',
        ),
        determinism: record('How far a second run gives the same.', {
          level: words(['bitwise', 'statistical'], 'To the bit, or within noise.'),
          reason: text('Why.'),
        }),
      }),
      dataset: record('The data as the folds saw them.', {
        fingerprint: text('SHA-256 over shape, classes, labels and decoded pixels.'),
        source_fingerprint: text(
          'SHA-256 over classes, labels and pixels before they were prepared.',
        ),
        samples: count('Images.'),
        image: record('Shape of an image.', {
          height: count('Pixels.'),
          width: count('Pixels.'),
          channels: count('1 or 3.'),
        }),
        classes: classCounts,
        duplicates: record('Pictures that occur more than once.', {
          policy: text('What was done about them.'),
          identical_clusters: count('Groups of identical pictures.'),
          identical_samples: count('Samples in them.'),
          near_clusters: count('Groups of nearly identical pictures.'),
          near_samples: count('Samples in them.'),
          conflicting_clusters: count('Identical pictures under different labels.'),
          dropped: count('Samples taken out.'),
        }),
        synthetic: flag('Made by a renderer, not by a camera.'),
        notes: list(text('A note.'), 'What was skipped or assumed while reading.'),
      }),
      split: record(
        'How the samples were divided.',
        {
          type: text('The strategy.'),
          hash: text('SHA-256 over all indices.'),
          largest_deviation: number(
            'Of class counts of test parts from an equal share, in samples.',
          ),
          deviation_bound: nullable(
            number('The largest cluster that is kept together + 1.'),
            'The most that largest_deviation can be; null: the strategy promises nothing.',
          ),
          grouped: flag('Whether whole groups stay in one role.'),
          folds: list(
            record('A fold.', {
              fold: count('Its number.'),
              train: count('Samples.'),
              validation: count('Samples.'),
              test: count('Samples.'),
              test_classes: list(count('Samples.'), 'Test samples of each class, in class order.'),
            }),
            'Sizes of the parts.',
          ),
        },
        ['deviation_bound'],
      ),
      model: record('The model.', {
        parameters: record('Numbers of weights.', {
          total: count('All.'),
          trainable: count('Those that learn.'),
          non_trainable: count('The others.'),
        }),
        input_shape: shape,
        layers: list(
          record('A layer.', {
            name: text('Unique in the model.'),
            type: text('As in the YAML.'),
            output_shape: shape,
            parameters: count('Weights.'),
            inputs: list(text('A layer, or input.'), 'What it takes.'),
            trainable: flag('Whether it learns.'),
          }),
          'In topological order.',
        ),
        cached_features: flag("A frozen backbone's features were computed once and reused."),
      }),
      selection: record('How the epoch was chosen.', {
        rule: text('The rule.'),
        monitor: nullable(text('The value.'), 'null: nothing was watched.'),
      }),
      folds: list(
        record(
          'A fold.',
          {
            fold: count('Its number.'),
            partition: count('Which of split.folds it was trained on.'),
            repeat: count('Repetition, from 0.'),
            seed: count('Seed of its weights, shuffling and dropout.'),
            status: words(['completed', 'failed', 'interrupted', 'missing'], 'How it ended.'),
            reason: text('Why it failed.'),
            epochs_run: count('Epochs.'),
            best_epoch: nullable(count('From 1.'), 'The epoch whose weights were tested.'),
            seconds: number('Wall time.'),
            metrics: metricValues,
            reasons: map(text('Why.'), 'Why a metric is null, by metric name.'),
            per_class: perClass,
            confusion_matrix: confusion,
          },
          ['reason'],
        ),
        'What came of each fold.',
      ),
      summary,
      pooled: nullable(
        record('Everything of all folds.', {
          per_class: list(
            record('One class.', {
              ...classScores,
              recall_ci95: interval("Wilson's 95 % interval of the recall."),
            }),
            'Scores of each class.',
          ),
          confusion_matrix: confusion,
          calibration: list(
            record('A bin of the top label’s probability.', {
              from: number('Lower end.'),
              to: number('Upper end.'),
              count: count('Predictions in it.'),
              confidence: value,
              accuracy: value,
            }),
            'Reliability curve, 15 equal bins.',
          ),
        }),
        'All out-of-fold predictions together; null while folds are missing.',
      ),
      twins: record('What is made of test pictures that are (nearly) in train too.', {
        identical: twinScores('By identical pictures.'),
        near: twinScores('By identical or nearly identical pictures.'),
      }),
      know_nothing: map(value, 'Best score without looking at the picture, by metric.'),
      unseen: map(
        record('A dataset that was never trained on.', {
          fingerprint: text('As of the dataset.'),
          samples: count('Images.'),
          classes: classCounts,
          folds: list(
            record('The model of a fold.', { fold: count('Its number.'), metrics: metricValues }),
            'By fold.',
          ),
          ensemble: record('The averaged probabilities of all folds.', {
            metrics: metricValues,
            per_class: perClass,
            confusion_matrix: confusion,
          }),
          summary,
        }),
        'By name.',
      ),
      lint: list(
        record(
          'A finding.',
          {
            id: text('The rule.'),
            severity: words(['error', 'warning'], 'An error stops the run.'),
            message: text('What was found.'),
            line: nullable(count('From 1.'), "Line of the experiment's file."),
            off: text('Why the experiment switched the rule off.'),
          },
          ['off'],
        ),
        'What lint found.',
      ),
      thresholds: record('The verdict.', {
        verdict: words(['none', 'passed', 'failed', 'inconclusive'], 'Over all checks.'),
        checks: list(
          record(
            'A check.',
            {
              metric: text('The metric.'),
              statistic: text('What of the folds was judged.'),
              observed: value,
              bound: text('Such as >= 0.35.'),
              passed: nullable(flag('Whether it held.'), 'null: could not be judged.'),
              reason: text('Why it could not.'),
            },
            ['reason'],
          ),
          'One per bound.',
        ),
      }),
      files: map(text('A path.'), 'What → path, relative to the run.'),
      smoke: flag('Two batches of everything: no result.'),
    },
    ['twins'],
  ),
};

/** Losses that compare outputs with one-hot labels directly (keras/src/losses/losses.py). */
import { defineLoss, kerasEpsilon, plainLoss } from './define.ts';

export const meanSquaredError = defineLoss({
  schema: plainLoss('mean_squared_error', 'Mean squared difference from the one-hot label.'),
  perSample: (tf, _config, { labels, outputs }) => tf.mean(tf.square(tf.sub(labels, outputs)), -1),
});

export const klDivergence = defineLoss({
  schema: plainLoss('kl_divergence', 'Kullback-Leibler divergence from the label distribution.'),
  perSample(tf, _config, { labels, outputs }) {
    const targets = tf.clipByValue(labels, kerasEpsilon, 1);
    const probabilities = tf.clipByValue(outputs, kerasEpsilon, 1);
    return tf.sum(tf.mul(targets, tf.log(tf.div(targets, probabilities))), -1);
  },
});

export const categoricalHinge = defineLoss({
  schema: plainLoss('categorical_hinge', 'Margin of 1 between the true class and the best other.'),
  perSample(tf, _config, { labels, outputs }) {
    const positive = tf.sum(tf.mul(labels, outputs), -1);
    const negative = tf.max(tf.mul(tf.sub(1, labels), outputs), -1);
    return tf.relu(tf.add(tf.sub(negative, positive), 1));
  },
});

export const poisson = defineLoss({
  schema: plainLoss('poisson', 'Poisson loss: mean of output − label × log(output).'),
  perSample: (tf, _config, { labels, outputs }) =>
    tf.mean(tf.sub(outputs, tf.mul(labels, tf.log(tf.add(outputs, kerasEpsilon)))), -1),
});

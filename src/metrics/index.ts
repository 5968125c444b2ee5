/** Every metric by its name; `top_<k>_accuracy` and those of one class are made on demand. */
import { accuracy, balancedAccuracy } from './accuracy.ts';
import { cohenKappa, mcc } from './agreement.ts';
import {
  binaryAccuracy,
  binaryAuc,
  binaryF1,
  binaryPrecision,
  binaryRecall,
} from './keras-one-hot.ts';
import { loss } from './loss.ts';
import {
  f1Macro,
  f1Micro,
  f1OfClass,
  f1Weighted,
  precisionMacro,
  precisionMicro,
  precisionOfClass,
  precisionWeighted,
  recallMacro,
  recallMicro,
  recallOfClass,
  recallWeighted,
} from './precision-recall.ts';
import { brier, ece, logLoss } from './probability.ts';
import { auc, averagePrecision } from './ranking.ts';

export const metrics = {
  accuracy,
  balanced_accuracy: balancedAccuracy,
  precision_macro: precisionMacro,
  precision_weighted: precisionWeighted,
  precision_micro: precisionMicro,
  recall_macro: recallMacro,
  recall_weighted: recallWeighted,
  recall_micro: recallMicro,
  f1_macro: f1Macro,
  f1_weighted: f1Weighted,
  f1_micro: f1Micro,
  auc,
  average_precision: averagePrecision,
  log_loss: logLoss,
  brier,
  ece,
  mcc,
  cohen_kappa: cohenKappa,
  loss,
  binary_accuracy: binaryAccuracy,
  binary_precision: binaryPrecision,
  binary_recall: binaryRecall,
  binary_f1: binaryF1,
  binary_auc: binaryAuc,
};

/** Metrics of one class, `recall[disgust]`; without the class, the short name of their family. */
export const classMetrics = {
  precision: precisionOfClass,
  recall: recallOfClass,
  f1: f1OfClass,
};

/** Every split strategy by its `type`. */
import { groupKFold, leaveOneGroupOut } from './group-k-fold.ts';
import { kFold, repeatedKFold } from './k-fold.ts';
import { predefined } from './predefined.ts';
import { holdout, shuffleSplit, stratifiedShuffleSplit } from './shuffle-split.ts';
import { stratifiedGroupKFold } from './stratified-group-k-fold.ts';
import { repeatedStratifiedKFold, stratifiedKFold } from './stratified-k-fold.ts';

export const strategies = {
  predefined,
  holdout,
  k_fold: kFold,
  stratified_k_fold: stratifiedKFold,
  group_k_fold: groupKFold,
  stratified_group_k_fold: stratifiedGroupKFold,
  repeated_k_fold: repeatedKFold,
  repeated_stratified_k_fold: repeatedStratifiedKFold,
  leave_one_group_out: leaveOneGroupOut,
  shuffle_split: shuffleSplit,
  stratified_shuffle_split: stratifiedShuffleSplit,
};

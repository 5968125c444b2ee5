/** What the callbacks that watch a value share (keras/src/callbacks/monitor_callback.py). */
import { direction } from '../../metrics/names.ts';

export type Mode = 'auto' | 'min' | 'max';

export const monitorOptions = {
  monitor: {
    type: 'string',
    default: 'val_loss',
    description: 'Value to watch: loss, val_loss, or a metric with val_ before its name.',
    examples: ['val_loss', 'val_accuracy', 'val_f1_macro'],
  },
  mode: {
    type: 'string',
    enum: ['auto', 'min', 'max'],
    default: 'auto',
    description: 'Whether smaller or larger is better; auto knows it from the metric.',
  },
} as const;

/** `min` or `max` for a monitor such as `val_f1_macro`. */
export function modeOf(monitor: string, mode: Mode): 'min' | 'max' {
  if (mode !== 'auto') return mode;
  const name = monitor.replace(/^val_/, '');
  return name === 'loss' ? 'min' : direction(name);
}

/** A monitor's value; undefined where it is absent or not a number (Keras: skipped with a note). */
export function monitored(
  values: Readonly<Record<string, number>>,
  monitor: string,
): number | undefined {
  const value = values[monitor];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** Whether `value` beats `reference` by more than `minDelta`; Keras compares as float32. */
export function isImprovement(
  { monitor, mode }: { readonly monitor: string; readonly mode: Mode },
  minDelta: number,
  value: number,
  reference: number | null,
): boolean {
  if (reference === null) return true;
  const margin = Math.abs(minDelta);
  return modeOf(monitor, mode) === 'min'
    ? Math.fround(value + margin) < Math.fround(reference)
    : Math.fround(value - margin) > Math.fround(reference);
}

import { defineRule } from './define.ts';

export const LEAK001 = defineRule({
  id: 'LEAK001',
  severity: 'error',
  needs: 'config',
  description:
    'Monitoring anything of the test part: what chooses the epoch or the learning rate must not ' +
    'have seen the samples that it is judged on.',
  check: ({ config }) =>
    config.training.callbacks.flatMap((callback, index) => {
      const monitor = 'monitor' in callback ? callback.monitor : undefined;
      if (monitor === undefined || !/^test([_ -]|$)/i.test(monitor)) return [];
      return [
        {
          path: ['training', 'callbacks', index, 'monitor'],
          message: `${callback.type} would choose by the test part`,
          hint: `monitor ${monitor.replace(/^test[_ -]?/i, 'val_')}: the validation part is for that`,
        },
      ];
    }),
});

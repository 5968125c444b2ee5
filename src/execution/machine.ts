/** What there is to compute with: cores, free memory, GPUs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';

export type Gpu = {
  /** As CUDA_VISIBLE_DEVICES names it. */
  readonly id: string;
  /** Bytes. */
  readonly freeMemory: number;
};

export type Machine = {
  readonly cores: number;
  /** Bytes that programs can still take without others being pushed out. */
  readonly freeMemory: number;
  readonly gpus: readonly Gpu[];
};

/** `device`: `cpu` looks for no GPU. */
export const thisMachine = (device: 'cpu' | 'gpu' | 'auto'): Machine => ({
  cores: availableParallelism(),
  freeMemory: Math.min(availableMemory(read('/proc/meminfo')) ?? freemem(), cgroupMemory()),
  gpus: device === 'cpu' ? [] : visibleGpus(queryGpus(), process.env.CUDA_VISIBLE_DEVICES),
});

/** `MemAvailable` of /proc/meminfo in bytes: free memory with what caches would give back. */
export function availableMemory(meminfo: string | undefined): number | undefined {
  const [, kibibytes] = /^MemAvailable:\s*(\d+) kB$/m.exec(meminfo ?? '') ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** What a container or a cluster's job may still take; Infinity where nothing limits it. */
function cgroupMemory(): number {
  const cgroup = read('/proc/self/cgroup') ?? '';
  const [, unified] = /^0::(.*)$/m.exec(cgroup) ?? [];
  const [, legacy] = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(cgroup) ?? [];
  const rooms = [
    ...ancestors(unified).map((path) => {
      const directory = `/sys/fs/cgroup${path}`;
      const stat = read(`${directory}/memory.stat`);
      return cgroupRoom(read(`${directory}/memory.max`), read(`${directory}/memory.current`), stat);
    }),
    ...ancestors(legacy).map((path) => {
      const directory = `/sys/fs/cgroup/memory${path}`;
      const stat = read(`${directory}/memory.stat`);
      const used = read(`${directory}/memory.usage_in_bytes`);
      return cgroupRoom(read(`${directory}/memory.limit_in_bytes`), used, stat);
    }),
  ];
  return Math.min(...rooms, Number.POSITIVE_INFINITY);
}

/** `/a/b` → `/a/b`, `/a` and the root, which is how a container sees its own group. */
function ancestors(path: string | undefined): string[] {
  if (path === undefined) return [];
  const parts = path.split('/').filter((part) => part !== '');
  return Array.from({ length: parts.length + 1 }, (_, i) =>
    parts
      .slice(0, parts.length - i)
      .map((part) => `/${part}`)
      .join(''),
  );
}

/** Limit − (used − page cache that nobody needs), from the files of a control group. */
export function cgroupRoom(
  limit: string | undefined,
  used: string | undefined,
  stat: string | undefined,
): number {
  const [most, taken] = [Number(limit?.trim()), Number(used?.trim())];
  // `max`, a missing file, and version 1's "no limit", which is about 2^63.
  if (!Number.isFinite(most) || !Number.isFinite(taken) || most >= 2 ** 60)
    return Number.POSITIVE_INFINITY;
  const [, cache = '0'] = /^(?:total_)?inactive_file (\d+)$/m.exec(stat ?? '') ?? [];
  return Math.max(0, most - (taken - Number(cache)));
}

function queryGpus(): string {
  try {
    return execFileSync(
      'nvidia-smi',
      ['--query-gpu=index,uuid,memory.free', '--format=csv,noheader,nounits'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 },
    );
  } catch {
    return ''; // no driver, no GPU
  }
}

/** The GPUs of nvidia-smi's list (index, uuid, free MiB) that CUDA_VISIBLE_DEVICES lets through. */
export function visibleGpus(list: string, visible: string | undefined): Gpu[] {
  const gpus = list
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .flatMap(([index, uuid, mebibytes]) =>
      index && uuid ? [{ index, uuid, freeMemory: Number(mebibytes) * 2 ** 20 }] : [],
    );
  if (visible === undefined)
    return gpus.map(({ index, freeMemory }) => ({ id: index, freeMemory }));
  return visible.split(',').flatMap((word) => {
    const id = word.trim();
    const gpu = gpus.find(({ index, uuid }) => id === index || (id !== '' && uuid.startsWith(id)));
    return gpu ? [{ id, freeMemory: gpu.freeMemory }] : [];
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not on this system
  }
}

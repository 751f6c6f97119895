import { readWorld } from './check.ts';
import { exported } from './inventory/export.ts';
import type { Options } from './options.ts';
import { configurationOf, type RunInput } from './run.ts';
import { UserError } from './user-error.ts';

/** `inventory export [PATH…]`: what the documents declare, for another repository's `--inventory`. */
export function inventoryPaths(options: Options): readonly string[] {
  const [verb, ...paths] = options.paths;
  if (verb !== 'export')
    throw new UserError('inventory is followed by export: inventory export [PATH…] [--output FILE]');
  return paths;
}

export function exportInventory(input: RunInput): string {
  const { files } = input;
  const { inventory } = readWorld({ ...input, configuration: configurationOf(input) });
  return exported(inventory, files.elsewhere ?? new Set());
}

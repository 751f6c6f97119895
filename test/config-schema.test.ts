import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchema } from '../src/config/schema.ts';

test('the published schema for editors is the one that configurations are checked with', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../docs/configuration.schema.json', import.meta.url), 'utf8'),
  );
  expect(published).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
});

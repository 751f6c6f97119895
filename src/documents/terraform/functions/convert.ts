import { toList, toMap, toSet } from '../conversion.ts';
import { toBool, toNumber, toText } from '../primitives.ts';
import type { SettledTerm, Term } from '../term.ts';
import { type Functions, neither, type TerraformFunction } from './function.ts';

function converts(convert: (term: SettledTerm) => Term): TerraformFunction {
  return (given, call) => (given[0] === undefined ? neither(given, call) : convert(given[0]));
}

export const CONVERSIONS: Functions = {
  // What is sensitive is so for people's eyes only: the value is the same.
  nonsensitive: converts((term) => term),
  sensitive: converts((term) => term),
  tobool: converts(toBool),
  tolist: converts(toList),
  tomap: converts(toMap),
  tonumber: converts(toNumber),
  toset: converts(toSet),
  tostring: converts(toText),
};

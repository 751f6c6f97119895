import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import type { Files } from '../files.ts';
import { dataAt } from '../plain-data.ts';

/** The construct that the CDK makes a resource of, as its app calls it: `Stack/Role` for `Stack/Role/Resource`. */
export function constructOf(resource: Tree): string | undefined {
  return pathOf(resource)?.replace(/\/Resource$/, '');
}

function pathOf(resource: Tree): string | undefined {
  return scalarText(member(member(resource, 'Metadata'), 'aws:cdk:path'));
}

/** A frame of a stack trace: `new Roles (/app/lib/roles.ts:12:5)`, `at lib/roles.ts:12:5`. */
const FRAME = /^(?:at )?(?:.*\()?([^()]+?):(\d+)(?::(\d+))?\)?$/;

/**
 * Where the source of a CDK app makes its constructs, as far as the assembly beside a template tells: in the stack traces that
 * `cdk synth --debug` keeps in `manifest.json` or in the file that it names.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ArtifactManifest.html
 */
export class Assemblies {
  readonly #files: Files;
  readonly #traces = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** The innermost line of the app itself that leads to the resource. */
  madeAt(template: string, resource: Tree): Place | undefined {
    const path = pathOf(resource);
    if (path === undefined) return undefined;
    const folder = template.slice(0, template.lastIndexOf('/') + 1);
    const traces = this.#traces.get(folder) ?? this.#readTraces(folder);
    for (const frame of traces.get(`/${path}`) ?? []) {
      const place = this.#placeOf(frame);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  #readTraces(folder: string): ReadonlyMap<string, readonly string[]> {
    const traces = new Map<string, readonly string[]>();
    this.#traces.set(folder, traces);
    const artifacts = membersOf(dataAt(this.#json(`${folder}manifest.json`), 'artifacts'));
    for (const [, artifact] of artifacts) {
      const other = dataAt(artifact, 'additionalMetadataFile');
      const metadata = [
        dataAt(artifact, 'metadata'),
        typeof other === 'string' ? this.#json(`${folder}${other}`) : undefined,
      ];
      for (const [path, entries] of metadata.flatMap(membersOf)) {
        const trace = traceIn(entries);
        if (trace.length > 0) traces.set(path, trace);
      }
    }
    return traces;
  }

  #json(path: string): unknown {
    try {
      return JSON.parse(this.#files.read(path)?.text ?? 'null');
    } catch {
      return undefined;
    }
  }

  /** The frame's path is one of the machine that made the assembly: the file is the one whose path ends alike. */
  #placeOf(frame: string): Place | undefined {
    const [, path = '', line = '', column = '1'] = FRAME.exec(frame.trim()) ?? [];
    if (path === '' || /(^|\/)node_modules\/|^node:|^internal\//.test(path)) return undefined;
    const names = path
      .replace(/^file:\/\//, '')
      .replaceAll('\\', '/')
      .split('/');
    for (let from = 0; from < names.length; from++) {
      const tail = names.slice(from).join('/');
      const file = tail === '' || tail.includes('..') ? undefined : this.#files.read(tail);
      if (file === undefined) continue;
      const text = file.line(Number(line));
      const start = file.lineStart(Number(line)) + Number(column) - 1;
      const end = file.lineStart(Number(line)) + text.trimEnd().length;
      return start < end ? { source: file, start, end } : undefined;
    }
    return undefined;
  }
}

/** The CDK keeps the trace beside the logical id, since 2026 as an entry of its own: https://github.com/aws/aws-cdk/pull/37643. */
function traceIn(entries: unknown): readonly string[] {
  const all = Array.isArray(entries) ? entries : [];
  const traces = [
    ...all.filter((entry) => dataAt(entry, 'type') === 'aws:cdk:logicalId').map((entry) => dataAt(entry, 'trace')),
    ...all.filter((entry) => dataAt(entry, 'type') === 'aws:cdk:creationStack').map((entry) => dataAt(entry, 'data')),
  ];
  const [first] = traces.filter((trace) => Array.isArray(trace));
  return (first ?? []).filter((frame) => typeof frame === 'string');
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

interface PolicyText {
  readonly Statement: StatementText | readonly StatementText[];
}

interface StatementText {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Simulated {
  readonly policies: readonly string[];
  readonly boundaries: readonly string[];
  readonly action: string;
  readonly resource: string;
  /** By key in lower case. */
  readonly context: ReadonlyMap<string, readonly string[]>;
}

/** AWS's policy simulator, as far as its reference says, apart from the program: identity policies and one boundary. */
export function simulated(asked: Simulated): { readonly decision: string; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const sides = [asked.policies, ...(asked.boundaries.length === 0 ? [] : [asked.boundaries])].map((side) =>
    verdict(side, asked, missing),
  );
  const decision = sides.includes('explicitDeny')
    ? 'explicitDeny'
    : sides.every((side) => side === 'allowed')
      ? 'allowed'
      : 'implicitDeny';
  return { decision, missing: [...missing] };
}

function verdict(policies: readonly string[], asked: Simulated, missing: Set<string>): string {
  const statements = policies.flatMap((text) => {
    const { Statement }: PolicyText = JSON.parse(text);
    return Statement;
  });
  const effects = statements.flatMap((one) =>
    applies(one as StatementText, asked, missing) ? [(one as StatementText).Effect] : [],
  );
  return effects.includes('Deny') ? 'explicitDeny' : effects.includes('Allow') ? 'allowed' : 'implicitDeny';
}

function applies(one: StatementText, { action, resource, context }: Simulated, missing: Set<string>): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = one;
  const inAction = listOf(Action ?? NotAction).some((glob) => like(glob.toLowerCase(), action.toLowerCase()));
  const inResource = listOf(Resource ?? NotResource).some((glob) => like(glob, resource));
  if (inAction === (Action === undefined) || inResource === (Resource === undefined)) return false;
  return Object.entries(Condition).every(([operator, block]) =>
    Object.entries(block).every(([key, wanted]) => {
      const values = context.get(key.toLowerCase());
      if (values === undefined) missing.add(key);
      const globs = listOf(wanted).map(String);
      const test = /Like$/.test(operator) ? like : (glob: string, value: string) => glob === value;
      const meets = (values ?? []).some((value) => globs.some((glob) => test(glob, value)));
      return /Not/.test(operator) ? !meets : meets;
    }),
  );
}

function listOf(value: unknown): readonly string[] {
  return value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
}

function like(glob: string, text: string): boolean {
  const pattern = glob
    .replace(/[.+^$()|[\]{}\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${pattern}$`).test(text);
}

import table from './hand-offs.json' with { type: 'json' };

/** One property by which resources hand a role on, wherever CloudFormation and Terraform have it. */
export interface HandOff {
  /** Resource type and path: `AWS::Events::Rule Targets[].RoleArn`. */
  readonly cloudformation: readonly string[];
  readonly terraform: readonly string[];
  /** Who assumes the role. `${region}` stands for the resource's own. */
  readonly principals?: readonly string[] | undefined;
  /** Of several services each must be trusted, or one of them suffices. */
  readonly needs?: string | undefined;
  /** What every call carries besides. */
  readonly carries?: readonly string[] | undefined;
  /** Where the role stands that assumes it, in CloudFormation and in Terraform. */
  readonly caller?: readonly string[] | undefined;
  /** Whether the users of an identity pool are authenticated. */
  readonly amr?: string | undefined;
  /** The page which shows that the calls name the account of the resource (`aws:SourceAccount`), and not more; elsewhere they may. */
  readonly namesAccount?: string | undefined;
  /** Where AWS's page shows the ARN that the calls name, too (`aws:SourceArn`): its form, as `sourceArnOf` reads it. */
  readonly sourceArn?: { readonly form: string; readonly page: string } | undefined;
  /**
   * `confirmed`: a public template hands the property a role that trusts the service. `partly`: an AWS managed policy passes
   * roles to that service. `memory`: neither was found, so a finding from it is a warning at most.
   */
  readonly confidence: string;
  /** What confirms it, where that is a page of AWS. */
  readonly source?: string | undefined;
}

export type HandOffKind = keyof typeof table;

export interface Property {
  readonly kind: HandOffKind;
  readonly handOff: HandOff;
  readonly path: string;
  readonly language: 'cloudformation' | 'terraform';
}

const PROPERTIES = new Map<string, Property[]>();
for (const kind of Object.keys(table) as HandOffKind[]) {
  for (const handOff of table[kind] as readonly HandOff[]) {
    for (const language of ['cloudformation', 'terraform'] as const) {
      for (const written of handOff[language]) {
        const [type = '', path = ''] = written.split(' ');
        PROPERTIES.set(type, [...(PROPERTIES.get(type) ?? []), { kind, handOff, path, language }]);
      }
    }
  }
}

/** The properties of a resource type that take roles. */
export function handOffsOf(type: string): readonly Property[] {
  return PROPERTIES.get(type) ?? [];
}

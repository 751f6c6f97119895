import type { Text } from '../symbolic/text.ts';

/** The subjects that the tokens of a repository's workflows can have. */
export interface PresentedSubjects {
  /** `octo-org/app` */
  readonly repository: string;
  readonly subjects: readonly Text[];
}

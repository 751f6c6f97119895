/**
 * Why an entity of an inventory that is read in parts is there: somebody names it; it names what has to do with the documents, and
 * its relations to that are asked for; or all its relations are.
 */
export type Reason = 'named' | 'naming' | 'asked';

import { type MapEntry, type MapTree, member, scalarText, type Tree } from '../../../source/tree.ts';
import { apiHandOffs } from './apis.ts';
import { withGlobals } from './globals.ts';
import { TRANSFORMS } from './resources.ts';
import { roleTree } from './roles.ts';
import { withMembers, written } from './written.ts';

/**
 * A template after the SAM transform, as far as roles go. Like the transform it is a tree made from a tree; what it makes stands
 * where the serverless resource stands that it is made for.
 */
export function afterSam(template: MapTree): MapTree {
  const resources = member(template, 'Resources');
  if (resources?.kind !== 'map' || !hasServerless(resources)) return template;
  const names = new Set(resources.entries.map(({ key }) => key.text));
  const entries = resources.entries.flatMap((entry): readonly MapEntry[] => {
    const { key, value } = entry;
    const known = TRANSFORMS[scalarText(member(value, 'Type')) ?? ''];
    if (known === undefined || value.kind !== 'map') return [entry];
    const properties = withGlobals(template, known.section, member(value, 'Properties'));
    const [own, ...made] = known.transform({ id: key, tree: value, properties });
    // A template that takes the name of a generated resource for itself would not be transformed.
    return own === undefined ? [entry] : [own, ...made.filter((one) => !names.has(one.key.text))];
  });
  const more = [deploymentRole(template, resources) ?? [], apiHandOffs(template, resources)].flat();
  const all = [...entries, ...more.filter(({ key }) => !names.has(key.text))];
  return withMembers(template, { Resources: { ...resources, entries: all } }, template.place);
}

function hasServerless(resources: MapTree): boolean {
  return resources.entries.some(({ value }) =>
    (scalarText(member(value, 'Type')) ?? '').startsWith('AWS::Serverless::'),
  );
}

/** One role shifts the traffic of all functions that say how to, and name none. */
function deploymentRole(template: MapTree, resources: MapTree): MapEntry | undefined {
  for (const { key, value } of resources.entries) {
    if (scalarText(member(value, 'Type')) !== 'AWS::Serverless::Function') continue;
    const preference = member(withGlobals(template, 'Function', member(value, 'Properties')), 'DeploymentPreference');
    if (preference === undefined || member(preference, 'Role') !== undefined || isOff(preference)) continue;
    const role = roleTree(
      { trust: 'codedeploy.amazonaws.com', managed: ['AWSCodeDeployRoleForLambda'] },
      undefined,
      key.place,
    );
    return { key: written('CodeDeployServiceRole', key.place), value: role };
  }
  return undefined;
}

function isOff(preference: Tree): boolean {
  return scalarText(member(preference, 'Enabled'))?.toLowerCase() === 'false';
}

import { expectations, grants, misspelt, trusted } from './inputs/account.mjs';
import { cdkTemplate, yamlTemplate } from './inputs/templates.mjs';
import { moduleDirectories, plan } from './inputs/terraform.mjs';

const MEGABYTE = 1_000_000;

const templates = (count) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`stack-${index}.yaml`, yamlTemplate(6_000, index * 10)]),
  );

/** What a run is promised to be done with, in how many seconds; `files` makes a part of it, paths to texts. */
export const INPUTS = [
  {
    name: 'a YAML template of 1 MB',
    promised: 2,
    files: (part) => ({ 'template.yaml': yamlTemplate(MEGABYTE * part) }),
  },
  {
    name: 'a CDK template of 5 MB',
    promised: 1.5,
    files: (part) => ({ 'App.template.json': cdkTemplate(5 * MEGABYTE * part) }),
  },
  { name: '1,000 templates', promised: 5, files: (part) => templates(1_000 * part) },
  { name: 'a Terraform plan of 50 MB', promised: 3, files: (part) => ({ 'plan.json': plan(50 * MEGABYTE * part) }) },
  { name: '1,400 Terraform directories', promised: 4, files: (part) => moduleDirectories(1_400 * part) },
  { name: '20,000 expectations over an account dump', promised: 3, files: (part) => expectations(20_000 * part) },
  { name: 'one principal with 5,100 grants', files: (part) => ({ 'template.json': grants(5_100 * part) }) },
  { name: '5,100 misspelt actions', files: (part) => ({ 'template.json': misspelt(5_100 * part) }) },
  { name: 'a role that trusts 5,100 others', files: (part) => ({ 'template.json': trusted(5_100 * part) }) },
];

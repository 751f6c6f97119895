export const HELP = `assume-role-check: can the declared principals assume the declared roles?

  assume-role-check [check] [PATH…]      check documents (default PATH: .)
  assume-role-check simulate PATH… --principal ARN --role ARN [--action A] [--context KEY=VALUE]…
  assume-role-check explain (MESSAGE | --event FILE) [PATH…]   from AWS's error to the edit that ends it
  assume-role-check suggest --events FILE… [PATH…]             least privilege from CloudTrail’s AssumeRole events
  assume-role-check graph [PATH…] --format mermaid|dot|json|markdown   who can assume whom; the catalogue of roles
  assume-role-check inventory export [PATH…]                   what is declared here, for another repository's --inventory
  assume-role-check rules [RULE]         list the rules, or one rule

  --config FILE      configuration file (default: .github/assume-role-check.yml at or above the first PATH)
  --base REV         git revision to compare with: findings say whether they are new, and access changes are listed
  --account ID       the account of documents that no accounts entry claims
  --terraform-plan FILE
                     output of terraform show -json; repeatable (default: found by content among the PATHs)
  --inventory FILE   what stands elsewhere: a dump of an account, what another repository declares; repeatable
  --aws-lookup L     missing (ask IAM, read-only, for roles and principals that no document declares), drift (besides, tell how
                     what is declared is deployed otherwise) or off (default)
  --verify-with-aws  ask AWS's policy simulator for a second opinion on identity policies: it changes no decision
  --repository O/R   the GitHub repository whose workflows are checked (default: GITHUB_REPOSITORY, else the origin remote)
  --format F         text, json, github (workflow commands), markdown, sarif, html
  --output FILE      write there instead of standard output; --format and --output repeat in pairs
  --fail-on LEVEL    error, warning, notice, never (default: error)
  --scope S          changed (only what the change touches or causes; needs --base) or all (default)
  --diff, --fix      show the offered fixes as a diff, or write them (--force: into a tree that is not clean)
  --event FILE       CloudTrail events to explain: one, a list, Records, one a line, gzipped or not
  --role, --principal, --account   for graph: only the ways to a role, from a principal, touching an account
  --check            for graph: fail where the --output file is not what would be written
  --version, --help

Exit status: 0 nothing at or above --fail-on, 1 findings at or above it, 2 the run itself failed.
`;

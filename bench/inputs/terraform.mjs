/** Terraform as teams write it, and what `terraform show -json` prints of a plan. */

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const PROVIDER = 'registry.terraform.io/hashicorp/aws';

const grant = (index) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::111122223333:role/shared-${index % 7}` },
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `arn:aws:s3:::bucket-${index}/*` },
    ],
  });

/** Resources of one service: three of IAM, and seven of what surrounds them. */
function service(index) {
  const tags = { Name: `service-${index}`, Environment: 'prod', Team: `team-${index % 12}` };
  const instance = (at) => ({
    type: 'aws_instance',
    name: `node_${index}_${at}`,
    values: {
      ami: 'ami-0abcdef1234567890',
      associate_public_ip_address: false,
      credit_specification: [],
      disable_api_stop: null,
      ebs_optimized: true,
      iam_instance_profile: `service-${index}`,
      instance_type: 'm7g.large',
      metadata_options: [{ http_endpoint: 'enabled', http_put_response_hop_limit: 1, http_tokens: 'required' }],
      monitoring: true,
      root_block_device: [{ delete_on_termination: true, encrypted: true, volume_size: 40, volume_type: 'gp3', tags }],
      subnet_id: `subnet-${String(index).padStart(17, '0')}`,
      tags,
      tags_all: tags,
      user_data: 'c'.repeat(40),
      vpc_security_group_ids: [`sg-${String(index).padStart(17, '0')}`],
    },
  });
  const alarm = (at) => ({
    type: 'aws_cloudwatch_metric_alarm',
    name: `alarm_${index}_${at}`,
    values: {
      actions_enabled: true,
      alarm_actions: [`arn:aws:sns:eu-central-1:111122223333:alarms-${index % 12}`],
      alarm_name: `service-${index}-${at}`,
      comparison_operator: 'GreaterThanThreshold',
      dimensions: { InstanceId: `i-${String(index).padStart(17, '0')}` },
      evaluation_periods: 3,
      metric_name: 'CPUUtilization',
      metric_query: [],
      namespace: 'AWS/EC2',
      period: 60,
      statistic: 'Average',
      tags,
      tags_all: tags,
      threshold: 80,
    },
  });
  return [
    {
      type: 'aws_iam_role',
      name: `service_${index}`,
      values: {
        assume_role_policy: TRUST,
        force_detach_policies: false,
        max_session_duration: 3600,
        name: `service-${index}`,
        path: '/',
        permissions_boundary: null,
        tags,
        tags_all: tags,
      },
    },
    {
      type: 'aws_iam_role_policy',
      name: `service_${index}`,
      values: { name: 'data', policy: grant(index), role: `service-${index}` },
    },
    {
      type: 'aws_iam_instance_profile',
      name: `service_${index}`,
      values: { name: `service-${index}`, path: '/', role: `service-${index}`, tags, tags_all: tags },
    },
    ...[0, 1, 2].map(instance),
    ...[0, 1, 2, 3].map(alarm),
  ];
}

const addressOf = ({ type, name }) => `${type}.${name}`;

const head = (one) => ({
  address: addressOf(one),
  mode: 'managed',
  type: one.type,
  name: one.name,
});

const expressions = (values) =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([key, value]) => value !== null && !Array.isArray(value) && key !== 'tags_all')
      .map(([key, value]) => [key, { constant_value: value }]),
  );

const planOf = (resources) =>
  JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.13.4',
    planned_values: {
      root_module: {
        resources: resources.map((one) => ({
          ...head(one),
          provider_name: PROVIDER,
          schema_version: 0,
          values: one.values,
          sensitive_values: { tags: {}, tags_all: {} },
        })),
      },
    },
    resource_changes: resources.map((one) => ({
      ...head(one),
      provider_name: PROVIDER,
      change: {
        actions: ['create'],
        before: null,
        after: one.values,
        after_unknown: { arn: true, id: true, tags: {}, tags_all: {}, unique_id: true },
        before_sensitive: false,
        after_sensitive: { tags: {}, tags_all: {} },
      },
    })),
    configuration: {
      provider_config: {
        aws: {
          name: 'aws',
          full_name: PROVIDER,
          expressions: { region: { constant_value: 'eu-central-1' } },
        },
      },
      root_module: {
        resources: resources.map((one) => ({
          ...head(one),
          provider_config_key: 'aws',
          expressions: expressions(one.values),
          schema_version: 0,
        })),
      },
    },
  });

/** A plan of so many characters, as Terraform prints it: in one line. */
export function plan(characters) {
  const each = planOf(service(1000)).length;
  const resources = [];
  for (let index = 0; index * each < characters; index += 1) resources.push(...service(index));
  return planOf(resources);
}

const moduleFiles = (index) => ({
  'variables.tf': `variable "name" {
  type        = string
  description = "What the service is called."
}

variable "bucket_arns" {
  type    = list(string)
  default = ["arn:aws:s3:::bucket-${index}"]
}

variable "tags" {
  type    = map(string)
  default = {}
}
`,
  'main.tf': `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "data" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [for arn in var.bucket_arns : "\${arn}/*"]
  }
  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["arn:aws:iam::111122223333:role/shared-${index % 7}"]
  }
}

resource "aws_iam_role" "this" {
  name               = "\${var.name}-${index}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = merge(var.tags, { Service = var.name })
}

resource "aws_iam_role_policy" "data" {
  name   = "data"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.data.json
}

resource "aws_security_group" "this" {
  name = "\${var.name}-${index}"
  dynamic "ingress" {
    for_each = toset([80, 443])
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
`,
  'outputs.tf': `output "role_arn" {
  value = aws_iam_role.this.arn
}
`,
});

const rootFiles = (index) => ({
  'main.tf': `terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["111122223333"]
}

module "service" {
  source = "../../modules/service-${index}"
  name   = "service"
  tags   = { Team = "team-${index % 12}" }
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = "service-${index}"
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"
}
`,
});

/** So many directories of Terraform: modules, and as many roots that call one each. Paths to texts. */
export function moduleDirectories(count) {
  const files = {};
  const add = (directory, texts) => {
    for (const [name, text] of Object.entries(texts)) files[`${directory}/${name}`] = text;
  };
  for (let index = 0; index < count / 2; index += 1) {
    add(`modules/service-${index}`, moduleFiles(index));
    add(`live/service-${index}`, rootFiles(index));
  }
  return files;
}

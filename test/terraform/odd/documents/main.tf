# Documents as the data source renders them: merged, overridden, negated.
data "aws_iam_policy_document" "base" {
  policy_id = "base"
  statement {
    sid       = "One"
    actions   = ["sts:AssumeRole", "sts:TagSession"]
    resources = ["arn:aws:iam::111122223333:role/b", "arn:aws:iam::111122223333:role/a"]
  }
  statement {
    sid           = "Two"
    effect        = "Deny"
    not_actions   = ["iam:*"]
    not_resources = ["arn:aws:iam::111122223333:role/$${x}"]
    condition {
      test     = "StringNotEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-b", "o-a"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-c"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["&{aws:PrincipalTag/team}"]
    }
  }
}

data "aws_iam_policy_document" "more" {
  source_policy_documents = [data.aws_iam_policy_document.base.json, ""]
  statement {
    sid       = "Three"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  override_policy_documents = [
    jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Sid = "Two", Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }]
    }),
    jsonencode({ Statement = [{ Sid = "Four", Effect = "Deny", Action = ["s3:*"], Resource = "arn:aws:s3:::b/*" }] }),
  ]
}

data "aws_iam_policy_document" "overridden_by_nothing" {
  override_policy_documents = [data.aws_iam_policy_document.base.json]
}

data "aws_iam_policy_document" "old" {
  version = "2008-10-17"
  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["arn:aws:iam::111122223333:role/o"]
  }
}

data "aws_iam_policy_document" "old_source" {
  source_policy_documents = [data.aws_iam_policy_document.old.json]
  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["arn:aws:iam::111122223333:role/&{aws:username}"]
  }
}

data "aws_iam_policy_document" "empty" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::444455556666:role/x", "arn:aws:iam::111122223333:root"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["b", "a"]
    }
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = [true]
    }
    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = [3600]
    }
  }
  statement {
    effect  = "Deny"
    actions = ["sts:AssumeRole"]
    not_principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:user/u"]
    }
  }
}

data "aws_iam_policy_document" "anyone" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-example"]
    }
  }
}

data "aws_iam_policy_document" "anyone_of_aws" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

locals {
  statements = {
    read  = { actions = ["s3:Get*", "s3:List*"], resources = ["arn:aws:s3:::x", "arn:aws:s3:::x/*"] }
    write = { actions = ["s3:Put*"], resources = ["arn:aws:s3:::x/*"], effect = "Deny" }
  }
}

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = local.statements
    iterator = it
    content {
      sid       = title(it.key)
      effect    = try(it.value.effect, "Allow")
      actions   = it.value.actions
      resources = it.value.resources
      dynamic "condition" {
        for_each = it.key == "read" ? { "aws:SourceIp" = ["10.0.0.0/8"], "aws:VpcSourceIp" = ["10.1.0.0/16"] } : {}
        content {
          test     = "IpAddress"
          variable = condition.key
          values   = condition.value
        }
      }
    }
  }
  dynamic "statement" {
    for_each = [for sid in ["c", "b"] : sid]
    content {
      sid       = "${statement.value}${statement.key}"
      actions   = ["sqs:*"]
      resources = ["*"]
    }
  }
}

resource "aws_iam_policy" "it" {
  for_each = {
    base       = data.aws_iam_policy_document.base.json
    more       = data.aws_iam_policy_document.more.json
    overridden = data.aws_iam_policy_document.overridden_by_nothing.json
    old        = data.aws_iam_policy_document.old.json
    old_source = data.aws_iam_policy_document.old_source.minified_json
    dynamic    = data.aws_iam_policy_document.dynamic.json
  }
  name   = each.key
  policy = each.value
}

resource "aws_iam_role" "it" {
  for_each = {
    trust  = data.aws_iam_policy_document.trust.json
    anyone = data.aws_iam_policy_document.anyone.json
    ofaws  = data.aws_iam_policy_document.anyone_of_aws.json
  }
  name               = "it-${each.key}"
  assume_role_policy = each.value
}

# Letters, keys, nulls, strips, blocks that are little used.
locals {
  k       = "aws:PrincipalTag/k"
  nothing = null
  odd     = "a\"b\\c\u00e9\t$ % $${x} %%{y} ${"nested ${upper("deep")}"}"
  deep    = { a = { b = [{ c = ["x", "y"] }, { c = [] }] } }
  json    = jsondecode("{\"n\": 1.50, \"t\": true, \"z\": null, \"l\": [1, \"a\"], \"big\": 111122223333}")
  lines   = <<-EOT
      first
        second ${~" x "~}
    third
    EOT
  bare    = <<EOT
%{if true~}
  yes
%{else~}
  no
%{endif~}
%{for i, x in ["p", "q"]}${i}=${x};%{endfor}
EOT
  sid     = replace(title(replace("some-team name", "-", " ")), " ", "")
  pruned  = [for s in [{ Sid = "A", Extra = null }, { Sid = null, Extra = "e" }] : { for key, value in s : key => value if value != null }]
}

resource "aws_iam_policy" "conditions" {
  name = "conditions"
  policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        Effect = "Allow", Action = "sts:AssumeRole", Resource = "*"
        Condition = {
          StringEquals = {
            (local.k)            = local.odd
            "${local.k}2"        = ["<&>", tostring(local.json.n), tostring(local.json.big)]
            "aws:PrincipalTag/l" = split("\n", local.lines)
            "aws:PrincipalTag/b" = local.bare
          }
          Bool = { "aws:SecureTransport" = local.json.t, "aws:MultiFactorAuthPresent" = !local.json.t }
        }
      },
      {
        Sid    = local.sid
        Effect = local.nothing == null ? "Deny" : local.nothing
        Action = flatten([["sts:AssumeRole"], [["s3:*"]], []])
        Resource = compact([
          local.deep.a.b[0].c[1] == "y" ? "arn:aws:s3:::${local.deep["a"].b[0].c[0]}" : "",
          try(local.deep.a.b[1].c[0], "arn:aws:s3:::fallback"),
          can(local.deep.nope) ? "arn:aws:s3:::no" : "",
        ])
      },
      merge({ Effect = "Allow", Action = "sqs:*", Resource = "*" }, local.pruned[0]),
      { for key, value in { Effect = "Allow", Action = "sns:*", Resource = "*", Sid = local.nothing } : key => value if value != null },
    ]
  })
}

resource "aws_iam_policy" "numbers" {
  name = "numbers"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for i in range(1, 7, 2) : {
      Sid       = format("S%03d", i)
      Effect    = i % 3 == 0 ? "Deny" : "Allow"
      Action    = "sts:AssumeRole"
      Resource  = "arn:aws:iam::${111122223333 + i}:role/${element(["a", "b"], i)}-${i / 2}-${pow(2, i)}-${floor(i / 2)}-${max([1, i]...)}"
      Condition = { NumericLessThan = { "aws:MultiFactorAuthAge" = i * 60.5 } }
    }]
  })
}

data "aws_iam_policy_document" "nulls" {
  statement {
    sid       = null
    effect    = null
    actions   = ["sts:AssumeRole"]
    resources = concat(["*"], [])
  }
  statement {
    sid       = ""
    actions   = setunion(["s3:Get*"], ["s3:A*"], ["s3:Get*"])
    resources = tolist(toset(["arn:aws:s3:::b", "arn:aws:s3:::a"]))
    dynamic "condition" {
      for_each = { for k, v in { a = "1", b = null } : k => v if v != null }
      content {
        test     = "StringEquals"
        variable = "aws:PrincipalTag/${condition.key}"
        values   = [condition.value, "&{aws:username}"]
      }
    }
  }
}

resource "aws_iam_role" "nulls" {
  name                 = null
  name_prefix          = "prefixed-"
  path                 = null
  managed_policy_arns  = null
  permissions_boundary = local.nothing
  description          = trimspace(local.lines)
  assume_role_policy   = replace(data.aws_iam_policy_document.for_roles["b"].json, "bbb", "ccc")
  lifecycle {
    ignore_changes = [tags]
    precondition {
      condition     = length(local.pruned) == 2
      error_message = "no"
    }
  }
}

data "aws_iam_policy_document" "for_roles" {
  for_each = { a = ["aaa"], b = ["bbb"] }
  statement {
    actions = ["sts:AssumeRole"]
    dynamic "principals" {
      for_each = each.value
      iterator = each_one
      content {
        type        = "AWS"
        identifiers = formatlist("arn:aws:iam::111122223333:role/%s-${each.key}-%s", [each_one.value], ["x"])
      }
    }
  }
}

resource "aws_iam_policy" "nulls" {
  count  = "1"
  name   = "nulls"
  policy = data.aws_iam_policy_document.nulls.json
}

resource "aws_iam_policy" "none" {
  for_each = {}
  name     = each.key
  policy   = each.value
}

moved {
  from = aws_iam_policy.old
  to   = aws_iam_policy.numbers
}

check "it" {
  assert {
    condition     = local.sid != ""
    error_message = "no"
  }
}

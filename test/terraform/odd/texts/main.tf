# Policies as texts: heredocs, templates, files.
variable "names" {
  type    = list(string)
  default = ["a", "b"]
}
locals {
  account = "111122223333"
  extra   = ""
  parsed  = jsondecode(file("${path.module}/policy.txt"))
}

resource "aws_iam_role" "heredoc" {
  name               = "heredoc"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        %{for name in var.names~}
        {
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Principal": { "AWS": "arn:aws:iam::${local.account}:role/${name}" },
          "Condition": { "StringLike": { "aws:PrincipalTag/n": "$${x}%%{y}" } }
        },
        %{endfor~}
        {
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Principal": { "Service": "%{if length(var.names) > 1}lambda%{else}ec2%{endif}.amazonaws.com" }
        }
      ]
    }
  EOT
}

resource "aws_iam_policy" "template" {
  name = "template"
  policy = templatefile("${path.module}/policy.tftpl", {
    account = local.account
    names   = var.names
    extra   = { "s3:GetObject" = ["arn:aws:s3:::b/*"] }
    quoted  = jsonencode(["x", "y\"z"])
  })
}

resource "aws_iam_policy" "file" {
  name   = "file"
  policy = replace(file("${path.module}/policy.txt"), "/role\\/([a-z]+)/", "role/$1-$${1}")
}

resource "aws_iam_policy" "merged" {
  name = "merged"
  policy = jsonencode(merge(local.parsed, {
    Statement = concat([for s in local.parsed.Statement : merge(s, { Sid = "S" })], local.extra == "" ? [] : [{}])
  }))
}

resource "aws_iam_policy" "yaml" {
  name = "yaml"
  policy = jsonencode(yamldecode(<<-YAML
    Version: "2012-10-17"
    Statement:
      - Effect: Allow
        Action: &act [sts:AssumeRole]
        Resource: arn:aws:iam::${local.account}:role/y
      - Effect: Deny
        Action: *act
        Resource: "*"
        Condition:
          Bool: { "aws:SecureTransport": false }
    YAML
  ))
}

resource "aws_iam_policy" "format" {
  name = "format"
  policy = format(
    "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}",
    join(",", [for name in var.names : jsonencode({ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::${local.account}:role/${upper(name)}" })]),
  )
}

resource "aws_iam_policy" "trimmed" {
  name   = "trimmed"
  policy = trimspace(chomp(<<EOT

{ "Version" : "2012-10-17", "Statement" : { "Effect" : "Allow", "Action" : "sts:AssumeRole", "Resource" : "${try(local.parsed.Nothing, "arn:aws:iam::111122223333:role/${substr("zzz", 0, 2)}")}" } }

EOT
  ))
}

resource "aws_iam_policy" "nested" {
  name = "nested"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = distinct(["sts:AssumeRole", "sts:AssumeRole"])
      Resource = coalescelist([], ["arn:aws:iam::111122223333:role/${lookup({ a = "x" }, "b", "d")}"])
      Condition = {
        for op, keys in { StringEquals = { "aws:ResourceTag/x" = "1" }, Null = { "aws:TokenIssueTime" = false } } : op => keys
      }
      Effect = "Deny"
    }]
  })
}

provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  allowed_account_ids         = ["111122223333"]
}

provider "aws" {
  alias                       = "prod"
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  allowed_account_ids         = ["444455556666"]
}

locals {
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "agent" {
  assume_role_policy = local.trust
}

resource "aws_iam_role" "runner" {
  name               = "runner"
  path               = "/ci/"
  assume_role_policy = local.trust
}

data "aws_iam_policy_document" "agent" {
  statement {
    actions = ["sts:AssumeRole"]
    resources = [
      aws_iam_role.reader.arn,
      module.target["blue"].arn,
      module.target["green"].arn,
    ]
  }
}

resource "aws_iam_role_policy" "agent" {
  name   = "assume"
  role   = aws_iam_role.agent.id
  policy = data.aws_iam_policy_document.agent.json
}

data "aws_iam_policy_document" "reader" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.agent.arn, "arn:aws:iam::111122223333:role/runner"]
    }
  }
}

resource "aws_iam_role" "reader" {
  name               = "reader"
  assume_role_policy = data.aws_iam_policy_document.reader.json
}

module "target" {
  source    = "./modules/target"
  for_each  = toset(["blue", "green"])
  providers = { aws = aws.prod }
  name      = each.key
  principal = each.key == "blue" ? aws_iam_role.agent.arn : "arn:aws:iam::111122223333:role/ci/runner"
}

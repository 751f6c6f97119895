# Modules: loops, providers, outputs, defaults, null, nested modules.
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}
provider "aws" {
  alias                       = "other"
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

module "role" {
  source   = "./role"
  for_each = { a = ["lambda"], b = ["ec2", "ssm"] }
  name     = each.key
  services = each.value
  path     = each.key == "a" ? null : "/b/"
  settings = { depth = 2, extra = "dropped" }
}

module "twice" {
  source   = "./role"
  count    = 2
  name     = "twice-${count.index}"
  services = module.role["b"].services
  nothing  = null
  settings = { depth = count.index, label = "l" }
  providers = {
    aws = aws.other
  }
}

resource "aws_iam_policy" "names" {
  name = "names"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = [for name in concat([for key, role in module.role : role.name], module.twice[*].name) : "arn:aws:iam::111122223333:role/${name}"]
    }]
  })
}

output "names" {
  value = module.twice[*].name
}

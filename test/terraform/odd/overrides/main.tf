# Overrides, JSON syntax, variable files.
variable "trusted" {
  type = list(string)
}
variable "external" {
  type    = string
  default = "from-default"
}
variable "numbers" {
  type    = map(number)
  default = {}
}
locals {
  kept = "kept"
}
resource "aws_iam_role" "it" {
  name        = "before"
  description = local.kept
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
  inline_policy {
    name   = "gone"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
  }
}

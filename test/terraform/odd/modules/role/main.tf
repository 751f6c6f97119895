terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "name" { type = string }
variable "services" {
  type    = list(string)
  default = ["ec2"]
}
variable "path" {
  type     = string
  default  = "/default/"
  nullable = false
}
variable "nothing" {
  type    = string
  default = "something"
}
variable "settings" {
  type = object({
    depth = number
    label = optional(string, "none")
  })
}
locals {
  principals = [for one in var.services : "${one}.amazonaws.com"]
}
resource "aws_iam_role" "it" {
  name = "${var.name}-${var.settings.depth}"
  path = var.path
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = local.principals }
      Condition = { StringEquals = { "aws:PrincipalTag/x" = [coalesce(var.nothing, "null"), var.settings.label] } }
    }]
  })
}
module "inner" {
  source = "./inner"
  role   = aws_iam_role.it.name
  suffix = var.settings.depth > 0 ? "deep" : "flat"
}
output "name" { value = module.inner.name }
output "services" { value = reverse(var.services) }

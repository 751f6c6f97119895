# count, for_each, for, splats, dynamic blocks, conditionals.
variable "teams" {
  type = map(object({
    accounts = optional(list(string), ["111122223333"])
    external = optional(string)
    admin    = optional(bool, false)
    tags     = optional(map(string), {})
  }))
  default = {
    blue  = { accounts = ["222233334444", "333344445555"], external = "blue-id" }
    green = { admin = true, unknown = "dropped" }
    red   = { accounts = [], external = null }
  }
}

variable "accounts" {
  type    = set(number)
  default = [444455556666, 222233334444]
}

locals {
  trusted = { for name, team in var.teams : name => [for id in team.accounts : "arn:aws:iam::${id}:root"] if length(team.accounts) > 0 }
  flat    = flatten([for name, team in var.teams : [for id in team.accounts : { key = "${name}-${id}", id = id, name = name }]])
  by_key  = { for one in local.flat : one.key => one }
  grouped = { for one in local.flat : one.name => one.id... }
}

resource "aws_iam_role" "team" {
  for_each = local.trusted
  name     = "team-${each.key}"
  path     = var.teams[each.key].admin ? "/admin/" : "/"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = ""
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = each.value }
        Condition = var.teams[each.key].external == null ? {} : { StringEquals = { "sts:ExternalId" = var.teams[each.key].external } }
      }],
      var.teams[each.key].admin ? [{ Effect = "Deny", Action = "sts:AssumeRole", Principal = "*", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "false" } } }] : [],
    )
  })
  dynamic "inline_policy" {
    for_each = var.teams[each.key].admin ? toset(["b", "a"]) : toset([])
    content {
      name = "inline-${inline_policy.key}"
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::*:role/${inline_policy.value}" }]
      })
    }
  }
}

resource "aws_iam_role" "pair" {
  count = length(local.flat)
  name  = local.flat[count.index].key
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = local.flat[count.index].id } }]
  })
}

resource "aws_iam_role" "of_account" {
  for_each = toset([for id in var.accounts : tostring(id)])
  name     = "of-${each.value}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole"], Principal = { AWS = [each.key, sort(keys(local.grouped))[0] == "blue" ? "arn:aws:iam::555566667777:root" : "*"] } }]
  })
}

resource "aws_iam_user" "it" {
  for_each = local.by_key
  name     = each.value.key
}

resource "aws_iam_user_policy" "it" {
  for_each = aws_iam_user.it
  name     = "p"
  user     = each.value.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for index, id in local.grouped[local.by_key[each.key].name] : { Sid = "S${index}", Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::${id}:role/r" }]
  })
}

resource "aws_iam_role" "maybe" {
  count = anytrue([for team in var.teams : team.admin]) && !contains(keys(var.teams), "blue") ? 1 : 0
  name  = "never"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" }] })
}

resource "aws_iam_policy" "splat" {
  name = "splat"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = [for name in [for r in [{ n = "x" }, { n = "y" }] : r][*].n : format("arn:aws:iam::%012d:role/%s", 12345678901, name)]
      Condition = merge({}, { for op in ["StringLike"] : op => { "aws:PrincipalTag/a" = ["${join("|", formatlist("%s-%d", ["p"], [1]))}*"] } })
    }]
  })
}

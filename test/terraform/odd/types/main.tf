# What types make of values.
variable "roles" {
  type = map(object({
    principals = optional(object({
      aws     = optional(set(string), ["111122223333"])
      service = optional(list(string))
    }), {})
    max  = optional(number, 3600)
    tags = optional(map(string))
    on   = optional(bool, true)
  }))
  default = {
    a = {}
    b = { principals = { service = ["ec2.amazonaws.com"] }, max = "7200", tags = { n = 1, t = true } }
    c = { principals = { aws = ["222233334444", "222233334444", 333344445555] }, on = "false" }
  }
}
variable "anything" {
  type    = any
  default = { list = [1, "a", true], mixed = { a = 1, b = "x" } }
}
variable "pairs" {
  type    = list(tuple([string, number]))
  default = [["a", "1"], ["b", 2]]
}
variable "strings" {
  type    = list(string)
  default = [1, true, "x"]
}
variable "map_of_any" {
  type    = map(any)
  default = { a = 1, b = "two" }
}
variable "set_of_numbers" {
  type    = set(number)
  default = ["10", 9, 10]
}
variable "nullable" {
  type     = string
  nullable = false
  default  = "filled"
}
variable "validated" {
  type    = string
  default = "ok"
  validation {
    condition     = can(regex("^[a-z]+$", var.validated))
    error_message = "no"
  }
}

resource "aws_iam_role" "it" {
  for_each             = { for name, role in var.roles : name => role if role.on }
  name                 = each.key
  max_session_duration = each.value.max
  tags                 = each.value.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = merge(
        { AWS = each.value.principals.aws },
        each.value.principals.service == null ? {} : { Service = each.value.principals.service },
      )
    }]
  })
}

resource "aws_iam_policy" "it" {
  name = "types"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = [for pair in var.pairs : "arn:aws:iam::111122223333:role/${pair[0]}${pair[1] + 1}"]
      Condition = {
        StringEquals = {
          "aws:PrincipalTag/a" = var.strings
          "aws:PrincipalTag/b" = [for x in var.anything.list : tostring(x)]
          "aws:PrincipalTag/c" = values(var.map_of_any)
          "aws:PrincipalTag/d" = [for n in var.set_of_numbers : tostring(n)]
          "aws:PrincipalTag/e" = "${var.nullable}-${var.validated}-${var.anything.mixed.a}"
          "aws:PrincipalTag/f" = lookup(var.roles["b"].tags, "n", "none")
          "aws:PrincipalTag/g" = coalesce(var.roles["a"].tags, { x = "y" })["x"]
          "aws:PrincipalTag/h" = [for name, role in var.roles : name if role.max > 3600]
          "aws:PrincipalTag/i" = sort(distinct(flatten([for role in values(var.roles) : tolist(role.principals.aws)])))
        }
      }
    }]
  })
}

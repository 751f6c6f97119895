# How blocks refer to each other.
module "none" {
  source = "./child"
  count  = 0
  names  = ["never"]
}
module "some" {
  source = "./child"
  names  = ["x", "y"]
}
module "each" {
  source   = "./child"
  for_each = toset(["p", "q"])
  names    = [each.key, "${each.value}2"]
}
resource "aws_iam_user" "counted" {
  count = 2
  name  = "user-${count.index}"
}
resource "aws_iam_user" "keyed" {
  for_each = { one = "eins", two = "zwei" }
  name     = each.value
}
resource "aws_iam_user" "perhaps" {
  count = length(module.some.names) > 5 ? 1 : 0
  name  = "perhaps"
}
locals {
  all_names = concat(
    aws_iam_user.counted[*].name,
    aws_iam_user.counted.*.name,
    values(aws_iam_user.keyed)[*].name,
    [for key, user in aws_iam_user.keyed : "${key}:${user.name}"],
    [aws_iam_user.keyed["one"].name, aws_iam_user.counted[1].name],
    [try(aws_iam_user.perhaps[0].name, "no-such"), coalesce(one(aws_iam_user.perhaps[*].name), "none")],
    [try(module.none[0].names[0], "no-module"), join("+", flatten(module.none[*].names))],
    module.some.names,
    [for key, child in module.each : join("/", child.names)],
    [module.each["q"].roles["q2"].name, module.some.roles["x"].path],
    flatten(values(module.each)[*].names),
    [element(module.some.names, 3), reverse(module.some.names)[0]],
    keys(module.some.roles),
  )
}
resource "aws_iam_group" "it" {
  name = "group"
}
resource "aws_iam_group_policy" "it" {
  group = aws_iam_group.it.name
  name  = "p"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for index, name in local.all_names : {
      Sid      = "N${index}"
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = "arn:aws:iam::111122223333:role/${name}"
    }]
  })
}

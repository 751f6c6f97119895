variable "names" { type = set(string) }
resource "aws_iam_role" "it" {
  for_each           = var.names
  name               = "child-${each.key}"
  path               = "/${join("", slice(split("", each.value), 0, 1))}/"
  assume_role_policy = data.aws_iam_policy_document.it[each.key].json
}
data "aws_iam_policy_document" "it" {
  for_each = var.names
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [for other in var.names : "arn:aws:iam::111122223333:role/${other}" if other != each.key]
    }
  }
}
output "names" { value = [for role in aws_iam_role.it : role.name] }
output "roles" { value = aws_iam_role.it }

resource "aws_iam_role" "it" {
  name = "after"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = var.trusted }
      Condition = { StringEquals = { "sts:ExternalId" = var.external }, NumericEquals = { "aws:x" = values(var.numbers) } }
    }]
  })
  inline_policy {
    name   = "new"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "sts:*", Resource = "*" }] })
  }
}

variable "role" {}
variable "suffix" {}
resource "aws_iam_role_policy" "it" {
  name = var.suffix
  role = var.role
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::111122223333:role/${var.suffix}" }]
  })
}
output "name" { value = "${var.role}/${var.suffix}" }

trusted  = ["111122223333", "222233334444"]
external = "from-tfvars"
